"""The service as processes: the server and those beside it, watched and told of request by request."""
