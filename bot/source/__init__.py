"""Code on this machine: a git repository, two folders, whole files. GitHub's is read in `bot.github`."""

from bot.source.classify import classify
from bot.source.copies import folders_of_copies
from bot.source.local import LocalGit
from bot.source.two_trees import TwoTrees
from bot.source.whole_files import WholeFiles

__all__ = ["LocalGit", "TwoTrees", "WholeFiles", "classify", "folders_of_copies"]
