"""The commands, each over the same verbs as the pages."""

from flask import Flask

from cli import answers, database, house, people

COMMANDS = (*database.COMMANDS, *house.COMMANDS, *answers.COMMANDS, *people.COMMANDS)


def init_commands(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
