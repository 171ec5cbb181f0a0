"""What machines get: answers as plain data for JSON, null where there is no such figure.

Their keys are a public contract: they are added to, not renamed.
"""
