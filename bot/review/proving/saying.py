"""A proof in words: where the test goes, how it is added and run, and that nobody has run it. Pure."""

import shlex
from posixpath import dirname

from bot.domain import Comment, Finding
from bot.review.filter import code, fenced, safe_markdown
from bot.review.proving.record import Appendix, NoProof, Proof

OF_TEST = ":test"
"""Ends the name of a comment that suggests a test: it is about no finding of its own."""


def what_it_does(proof: Proof, finding: Finding) -> str:
    """The fault, and what is to be seen."""
    where = f"In {code(finding.scope)} it" if finding.scope else "It"
    return f"{where} brings about {proof.fault}. It should fail on this code, and pass once the finding is mended."


def where_and_how(proof: Proof) -> str:
    """Its path and the command that runs it: the line above the test."""
    return f"{code(proof.path)}, run by {code(proof.run)}:" if proof.run else f"{code(proof.path)}:"


def how_to_add(proof: Proof) -> str:
    """A line for the shell of whoever has the branch."""
    folder = "" if proof.has_folder else dirname(proof.path)
    make = f"mkdir -p {shlex.quote(folder)} && " if folder else ""
    return f"To add it: {code(f'{make}cat > {shlex.quote(proof.path)}')}, paste, Ctrl-D."


def origin_of(proof: Proof, head_sha: str) -> str:
    """Said under every proof."""
    by = f"Written by {code(proof.writer)}" if proof.writer else "Made from a template of Seawall's own"
    return f"{by} for head {code(head_sha[:7])} with {proof.framework}. Checked by reading it; Seawall runs no code."


def below_finding(proof: Proof, finding: Finding, head_sha: str, own_host: str) -> str:
    """The whole test, folded, for the comment on its finding."""
    parts = [
        f"<details><summary>A fault test that shows it: {proof.fault}</summary>",
        what_it_does(proof, finding),
        where_and_how(proof),
        fenced(proof.text, proof.language),
        safe_markdown(proof.words, own_host),
        how_to_add(proof),
        f"<sub>{origin_of(proof, head_sha)}</sub>",
        "</details>",
    ]
    return "\n\n".join(part for part in parts if part)


def on_its_file(proof: Proof, appendix: Appendix, finding: Finding, head_sha: str, own_host: str) -> Comment:
    """The test as a suggestion on the last line of a test file that the change shows."""
    about = f"A fault test for {code(finding.fingerprint[:7])}, {safe_markdown(finding.title, own_host)}."
    run = (
        f"To run it: {code(proof.run.replace(shlex.quote(proof.path), shlex.quote(appendix.path)))}."
        if proof.run
        else ""
    )
    parts = [
        f"{about} {what_it_does(proof, finding)}",
        fenced(appendix.text, "suggestion"),
        safe_markdown(proof.words, own_host),
        run,
        f"<sub>{origin_of(proof, head_sha)}</sub>",
    ]
    return Comment(
        path=appendix.path,
        start_line=appendix.line,
        end_line=appendix.line,
        body="\n\n".join(part for part in parts if part),
        fingerprint=f"{finding.fingerprint}{OF_TEST}",
    )


def why_none(none: NoProof) -> str:
    """The reason as a sentence."""
    return f"No fault test was written, because {none.reason}."
