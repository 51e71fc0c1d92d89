"""The room where help is planned, given and measured."""
