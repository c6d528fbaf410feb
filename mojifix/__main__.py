"""`python -m mojifix`, and the `mojifix` command."""

from __future__ import annotations


def main() -> None:
    """Run the command line; never returns but by SystemExit."""
    try:
        from mojifix.cli import app
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    app(prog_name="mojifix")


if __name__ == "__main__":
    main()
