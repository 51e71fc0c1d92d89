"""The engine, pure: definition, state, roles and facts in.

An outcome or a refusal with reasons out.
"""
