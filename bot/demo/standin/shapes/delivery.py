"""Deployments and releases."""

from bot.demo.standin.links import Links, node_id
from bot.demo.standin.records import Deployment, DeploymentStatus, Release, Repository
from bot.demo.standin.shapes import JSON, iso, iso_or_none
from bot.demo.standin.shapes.accounts import user


def deployment(record: Repository, one: Deployment, links: Links) -> JSON:
    url = f"{links.repository(record)}/deployments/{one.id}"
    return {
        "url": url,
        "id": one.id,
        "node_id": node_id("DE", one.id),
        "sha": one.sha,
        "ref": record.default_branch,
        "task": "deploy",
        "payload": {},
        "original_environment": one.environment,
        "environment": one.environment,
        "description": None,
        "creator": user(one.creator, links),
        "created_at": iso(one.created_at),
        "updated_at": iso(one.statuses[-1].created_at if one.statuses else one.created_at),
        "statuses_url": f"{url}/statuses",
        "repository_url": links.repository(record),
    }


def deployment_status(record: Repository, of: Deployment, one: DeploymentStatus, links: Links) -> JSON:
    url = f"{links.repository(record)}/deployments/{of.id}"
    return {
        "url": f"{url}/statuses/{one.id}",
        "id": one.id,
        "node_id": node_id("DES", one.id),
        "state": one.state,
        "creator": user(one.creator, links),
        "description": "",
        "environment": of.environment,
        "target_url": links.page(record, "deployments"),
        "created_at": iso(one.created_at),
        "updated_at": iso(one.created_at),
        "deployment_url": url,
        "repository_url": links.repository(record),
    }


def release(record: Repository, one: Release, links: Links) -> JSON:
    url = f"{links.repository(record)}/releases/{one.id}"
    return {
        "url": url,
        "assets_url": f"{url}/assets",
        "upload_url": f"{url}/assets{{?name,label}}",
        "html_url": links.page(record, f"releases/tag/{one.tag}"),
        "id": one.id,
        "author": user(one.author, links),
        "node_id": node_id("RE", one.id),
        "tag_name": one.tag,
        "target_commitish": record.default_branch,
        "name": one.tag,
        "draft": one.published_at is None,
        "prerelease": one.is_prerelease,
        "created_at": iso(one.created_at),
        "published_at": iso_or_none(one.published_at),
        "assets": [],
        "tarball_url": f"{links.repository(record)}/tarball/{one.tag}",
        "zipball_url": f"{links.repository(record)}/zipball/{one.tag}",
        "body": None,
    }
