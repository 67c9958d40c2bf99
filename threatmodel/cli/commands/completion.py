"""`threatmodel completion`: the script that lets a shell complete commands, options and files."""

from __future__ import annotations

import click

from threatmodel.cli.output import emit

SHELLS = ("bash", "zsh", "fish")


@click.command(name="completion")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the completion script of SHELL.

    \b
    bash   eval "$(threatmodel completion bash)"     in ~/.bashrc
    zsh    eval "$(threatmodel completion zsh)"      in ~/.zshrc
    fish   threatmodel completion fish | source      in ~/.config/fish/config.fish
    """
    from click.shell_completion import get_completion_class

    from threatmodel.cli import cli

    found = get_completion_class(shell)
    assert found is not None
    emit(found(cli, {}, "threatmodel", "_THREATMODEL_COMPLETE").source() + "\n", None)
