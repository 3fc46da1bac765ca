"""The persistent IRIs at w3id.org: the rules that lead them to the service."""
