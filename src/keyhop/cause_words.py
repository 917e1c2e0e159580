"""What each cause means, in words: the sentence that an explanation begins with, and what settles and mends it."""

from __future__ import annotations

from keyhop.causes import Cause
from keyhop.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One cause. ``{provider}`` stands for who was asked, ``{key}`` for what was to open it."""

    sentence: str
    """What happened; no full stop."""
    why: str
    """How that comes about when a crew is scaled out."""
    mend: str
    """What to do."""


WORDS: dict[Cause, Words] = {
    Cause.MISSING_IN_PROCESS: Words(
        sentence="This process does not have {key}",
        why="A worker, container or job sees only what it was started with. Another process may well have the key.",
        mend="Hand the variable to the process that failed: in its service, unit, job or `runtime_env`.",
    ),
    Cause.MISSING_EVERYWHERE: Words(
        sentence="Nobody supplies {key}",
        why="No file, secret or shell of the project sets the variable.",
        mend="Get a key and put it where the process reads it.",
    ),
    Cause.LOADED_TOO_LATE: Words(
        sentence="{key} is loaded only after the code has asked for it",
        why="A client, a settings object or a Celery app is made while a module is imported, before `load_dotenv()`.",
        mend="Load the file before that import, or make the client where it is used.",
    ),
    Cause.WRONG_PROVIDER_KEY: Words(
        sentence="{provider} was sent another service's key",
        why="A model's name without a prefix, a base URL or a copied variable sends one provider's key to another.",
        mend="Give each provider its own variable, and write the provider into the model's name.",
    ),
    Cause.INVALID_KEY: Words(
        sentence="{provider} does not accept {key}",
        why="It is mistyped, cut short, or belongs to nobody. A stale copy in this process looks the same.",
        mend="Compare the key of this process with one that works; make a new one where both are refused.",
    ),
    Cause.EXPIRED_OR_REVOKED: Words(
        sentence="{provider} accepted {key} once, and no longer does",
        why="It was revoked, rotated or has run out. Processes that were started before keep the old one.",
        mend="Put the new key in place and start again what was started with the old one.",
    ),
    Cause.CONTAMINATED_VALUE: Words(
        sentence="The value of {key} was changed on its way",
        why="Quotes, a line break, a comment or an expanded `$` got into it. Such a key is often not even sent.",
        mend="Look for the hop that adds them: `docker --env-file` keeps quotes, `echo` adds a line break.",
    ),
    Cause.PLACEHOLDER_VALUE: Words(
        sentence="{key} holds a placeholder, not a key",
        why="A template was copied and not filled in, or its value won over the real one.",
        mend="Fill in the key, or remove the line.",
    ),
    Cause.WRONG_VARIABLE_NAME: Words(
        sentence="The key is there under a name that nobody reads",
        why="Libraries differ in the names they read: `AZURE_OPENAI_API_KEY` is not `AZURE_API_KEY`.",
        mend="Set the name that the message, or `keyhop check`, gives.",
    ),
    Cause.SHADOWED_OR_STALE_VALUE: Words(
        sentence="Another value of {key} won over the one that is meant",
        why="An export beats `.env`, an empty variable hides a file's, a running process keeps what it had.",
        mend="Remove the other one, and create the process anew.",
    ),
    Cause.WRONG_CREDENTIAL_TYPE: Words(
        sentence="{provider} wants another kind of credential than it was sent",
        why="A user's token stands where a project's key belongs, or an OAuth token where an API key does.",
        mend="Make a credential of the kind that the message names.",
    ),
    Cause.AZURE_ENDPOINT_MISMATCH: Words(
        sentence="Key and endpoint belong to different Azure resources, or the key is wrong",
        why="Azure answers both with the same words.",
        mend="Take key and endpoint from the same resource's page.",
    ),
    Cause.AZURE_DEPLOYMENT_NOT_FOUND: Words(
        sentence="The Azure resource has no deployment of that name",
        why="The model's name was given instead of the deployment's, or another resource answers.",
        mend="Use the name of the deployment; compare the endpoint.",
    ),
    Cause.AZURE_API_VERSION: Words(
        sentence="Azure does not know this API version, or the path that comes with it",
        why="The version is old, misspelt, or does not serve this operation.",
        mend="Set `AZURE_API_VERSION` to a version that the resource serves.",
    ),
    Cause.BASE_URL_MISMATCH: Words(
        sentence="The request went to an address that does not serve it",
        why="A base URL lacks `/v1` or names another host, or `BASE_URL` was meant for something else.",
        mend="Correct or remove the base URL of this process.",
    ),
    Cause.PERMISSION_OR_SCOPE: Words(
        sentence="{provider} knows the key, but it may not do this",
        why="The key is restricted, or its role lacks a permission.",
        mend="Give the key the scope or role that the message names.",
    ),
    Cause.ORG_PROJECT_MISMATCH: Words(
        sentence="Key and organisation or project do not belong together",
        why="`OPENAI_ORG_ID` or `OPENAI_PROJECT_ID` of another account is sent along.",
        mend="Remove these variables, or set those of the key's own project.",
    ),
    Cause.REGION_MISMATCH: Words(
        sentence="The region that was asked does not serve this",
        why="The region falls back to a default: CrewAI does not read `AWS_REGION`.",
        mend="Name the region where the model is enabled.",
    ),
    Cause.QUOTA_NOT_AUTH: Words(
        sentence="The account has no credit or quota left",
        why="{provider} reports it as 401, 402, 403 or 429, whichever it uses. The key is good.",
        mend="Add credit or raise the limit; retrying does not help.",
    ),
    Cause.MODEL_ACCESS: Words(
        sentence="This key has no such model",
        why="The model does not exist under that name, or is not open to this account.",
        mend="Name a model that the account has, or ask for access.",
    ),
    Cause.IMPLICIT_DEFAULT_NEEDS_OTHER_PROVIDER: Words(
        sentence="Something that nobody named uses {provider} by default",
        why="Memory, knowledge, planning and search tools use OpenAI unless an embedder or a model is given to them.",
        mend="Name the embedder, planning or manager model, or supply the key.",
    ),
    Cause.TOOL_CREDENTIAL: Words(
        sentence="A tool's own key is missing or refused",
        why="The model works; the service behind a tool or an MCP server wants a credential of its own.",
        mend="Supply the tool's variable to the process that runs the tool.",
    ),
    Cause.TOKEN_EXPIRED_STS: Words(
        sentence="A temporary token has run out",
        why="Credentials of a session live for minutes or hours; a client made at start keeps them.",
        mend="Use a source that renews itself, and make the client anew after it has.",
    ),
    Cause.PROXY_OR_GATEWAY: Words(
        sentence="A proxy or gateway answered in the provider's place",
        why="It wants a credential of its own, or does not pass the key on.",
        mend="Give the proxy its credential, or except the provider's host in `NO_PROXY`.",
    ),
    Cause.GEO_BLOCKED: Words(
        sentence="{provider} does not serve the place that the request comes from",
        why="The region of the machine, not the key, decides.",
        mend="Run where the provider serves.",
    ),
    Cause.NETWORK_POLICY: Words(
        sentence="A network rule of the account refuses this machine",
        why="An address list, a firewall or a private endpoint lets only others in.",
        mend="Add this machine's network to the account's rules.",
    ),
    Cause.TRANSIENT_PROVIDER_AUTH: Words(
        sentence="{provider}'s own key check failed for a while",
        why="The same key works before and after.",
        mend="Try again; watch the provider's status.",
    ),
    Cause.TLS_OR_NETWORK_NOT_AUTH: Words(
        sentence="The provider was not reached; no key was judged",
        why="A name that does not resolve, a refused connection, a certificate that is not trusted.",
        mend="Mend the network of this process.",
    ),
    Cause.RATE_LIMIT_NOT_AUTH: Words(
        sentence="Too many requests in a short time; the key is good",
        why="All workers share the limits of one account.",
        mend="Slow down or ask for a higher limit.",
    ),
    Cause.OTHER_NOT_AUTH: Words(
        sentence="Something failed that has nothing to do with keys",
        why="The failure only came up near a credential.",
        mend="Follow the quoted error.",
    ),
}


_HEAD = (
    "What `keyhop explain` tells apart. Each cause is of one family: `credential` is the key itself, `access` a good "
    "key at a door that is not open to it, `not_auth` no matter of keys."
)


def causes_page() -> str:
    """``docs/causes.md``."""
    lines = [
        "# Causes",
        "",
        _HEAD,
    ]
    for cause, words in WORDS.items():
        sentence, why = (_plain(text) for text in (words.sentence, words.why))
        lines += ["", f"## `{cause}`", "", f"**{sentence}.** Family `{cause.family}`. {why} {words.mend}"]
    return "\n".join(lines) + "\n"


def said(text: str, *, provider: str, key: str) -> str:
    """The text of somebody's own case; empty strings where neither is known."""
    filled = text.format(provider=provider or "the provider", key=key or "the key")
    return filled[:1].upper() + filled[1:]


def _plain(text: str) -> str:
    return said(text, provider="", key="")
