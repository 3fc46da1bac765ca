"""Write the rules: `python -m deploy.w3id --to https://kg.example.org/`."""

from __future__ import annotations

import argparse
from pathlib import Path

from deploy.w3id.rules import application, text

FILE = Path(__file__).parent / ".htaccess"
PLACE = "https://kg.example.org/"  # until the service has an address


def main() -> None:
    """Write `.htaccess` beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", default=PLACE, help="Where the service is; %(default)s unless given.")
    service = f"{parser.parse_args().to.rstrip('/')}/"
    FILE.write_text(text(application(), service), encoding="utf-8")
    print(f"{FILE}: the IRIs lead to {service}.")


if __name__ == "__main__":
    main()
