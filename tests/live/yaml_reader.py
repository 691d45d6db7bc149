# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints a YAML file as JSON, since Qt reads none; with a JSON schema, what violates it goes to standard error and the exit code is 1."""
import json
import sys

import jsonschema
import yaml

with open(sys.argv[1]) as file:
    document = yaml.safe_load(file)
json.dump(document, sys.stdout)
if len(sys.argv) > 2:
    with open(sys.argv[2]) as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    errors = list(jsonschema.Draft7Validator(schema).iter_errors(document))
    for error in errors:
        print("/".join(map(str, error.path)) + ": " + error.message, file=sys.stderr)
    sys.exit(1 if errors else 0)
