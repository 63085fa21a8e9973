"""The host program for hosts without Python 3.6: it runs beside the engine and asks a shell.

`loop.sh` and `condense.awk` run on the host and know no log format. The modules here put the
host's files under the modules of `psbhost`, which do all the understanding: so what is
counted cannot differ from what the program counts where Python is.
"""
