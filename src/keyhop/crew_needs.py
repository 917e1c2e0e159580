"""What live objects of CrewAI need: crews, flows, agents, tasks, models, tools, memory and servers of tools.

Only what they hold is read; nothing is built or called but the ``crew()`` of a ``@CrewBase`` class. Tried with CrewAI
1.15.30. What a function or a tool's own code reads without saying so cannot be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from keyhop import embedders, implicit
from keyhop.catalogue import provider
from keyhop.live_needs import Needs
from keyhop.live_objects import field, is_a, is_crew_class, is_local, items, known, package, short, shown
from keyhop.routing import Route, route, service_of
from keyhop.tools import tool_needs

_PLATFORM = "crewai-amp"


class Walk:
    """A walk through live objects, each of which is visited once."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._version = needs.version
        self._seen: set[int] = set()

    def add(self, thing: Any, where: str = "") -> None:
        """What one object needs, with all that it holds."""
        if thing is None or id(thing) in self._seen:
            return
        if not isinstance(thing, str):
            self._seen.add(id(thing))
        if is_crew_class(thing):
            self.add(thing.crew(), where)
        elif is_a(thing, "Crew"):
            self._crew(thing)
        elif is_a(thing, "BaseAgent", "LiteAgent"):
            self._agent(thing)
        elif is_a(thing, "Task"):
            self._task(thing)
        elif is_a(thing, "BaseLLM"):
            self._llm(thing, where)
        elif is_a(thing, "Memory", "MemoryScope", "MemorySlice"):
            self._memory(thing, where)
        elif is_a(thing, "BaseTool"):
            self._tool(thing, where)
        elif is_a(thing, "Flow", "AgentExecutor"):
            self._flow(thing)

    # Crews, agents, tasks, flows

    def _crew(self, crew: Any) -> None:
        for agent in items(crew, "agents"):
            self.add(agent)
        self.add(field(crew, "manager_agent"))
        if str(getattr(field(crew, "process"), "value", "")) == "hierarchical" and not field(crew, "manager_agent"):
            self._asked(field(crew, "manager_llm"), "the manager of the crew")
        if field(crew, "planning"):
            planned = field(crew, "planning_llm")
            if planned is None:
                self._needs.routed(implicit.planner(self._version), "Crew(planning=True) without planning_llm=")
            self._asked(planned, "the planner of the crew")
        self._asked(field(crew, "function_calling_llm"), "function_calling_llm of the crew")
        self._asked(field(crew, "chat_llm"), "chat_llm of the crew")
        self._memory(getattr(crew, "_memory", None), "the memory of the crew", field(crew, "embedder"))
        if field(crew, "knowledge_sources"):
            self._embedder(field(crew, "embedder"), "the knowledge of the crew", knowledge=True)
        for task in items(crew, "tasks"):
            self.add(task)

    def _agent(self, agent: Any) -> None:
        whose = f"agent {short(field(agent, 'role'))}"
        self._asked(field(agent, "llm"), whose)
        self._asked(field(agent, "function_calling_llm"), f"function_calling_llm of {whose}")
        self._asked(getattr(field(agent, "planning_config"), "llm", None), f"the planner of {whose}")
        self._asked(getattr(field(agent, "guardrail"), "llm", None), f"a guardrail of {whose}")
        self._tools(items(agent, "tools"), whose)
        self._servers(items(agent, "mcps"), whose)
        if field(agent, "apps"):
            self._platform(f"apps of {whose}")
        if field(agent, "knowledge_sources"):
            self._embedder(field(agent, "embedder"), f"the knowledge of {whose}", knowledge=True)
        if not isinstance(field(agent, "memory"), bool):
            self._memory(field(agent, "memory"), f"the memory of {whose}")

    def _task(self, task: Any) -> None:
        whose = f"task {short(field(task, 'name') or field(task, 'description'))}"
        self.add(field(task, "agent"))
        self._tools(items(task, "tools"), whose)
        for guardrail in (getattr(task, "_guardrail", None), *(getattr(task, "_guardrails", None) or ())):
            self._asked(getattr(guardrail, "llm", None), f"a guardrail of {whose}")

    def _flow(self, flow: Any) -> None:
        """What a flow holds in itself; crews that its methods make are seen when they start."""
        for value in [*getattr(flow, "__dict__", {}).values()]:
            for each in value if isinstance(value, (list, tuple)) else (value,):
                if known(each) and not is_a(each, "Memory", "Flow"):
                    self.add(each, f"flow {type(flow).__name__}")

    # Models

    def _asked(self, llm: Any, whose: str) -> None:
        if isinstance(llm, str):
            self._needs.model(llm, f"{llm} of {whose}")
        elif is_a(llm, "BaseLLM"):
            self.add(llm, whose)
        elif llm is not None:
            self._foreign(llm, whose)

    def _llm(self, llm: Any, whose: str) -> None:
        if package(type(llm)) != "crewai":
            return  # a class of the project's own: only it knows what it reads
        found = self._route(llm)
        self._needs.credential(
            found.credential,
            f"{shown(llm)} of {whose}" if whose else shown(llm),
            service=found.provider,
            holder=llm,
            any_value=is_local(llm) or not found.required,
        )

    def _route(self, llm: Any) -> Route:
        model = str(getattr(llm, "model", ""))
        if type(llm).__name__ == "LLM":
            return route(model, is_litellm=True, version=self._version)
        found = provider(service_of(str(getattr(llm, "provider", ""))) or "")
        if found is None:
            return Route(model=model)
        return Route(model=model, provider=found.id, credential=found.credential("crewai"))

    def _foreign(self, llm: object, whose: str) -> None:
        """A model of LangChain or of an SDK."""
        from keyhop.clients import client

        kind = type(llm)
        found = client(f"{kind.__module__}.{kind.__qualname__}")
        service = provider(found.provider) if found is not None and found.provider else None
        if found is not None and service is not None:
            credential = service.credential(found.reader)
            self._needs.credential(credential, f"{kind.__name__} of {whose}", service=service.id, holder=llm)

    # Memory, knowledge, tools, servers

    def _memory(self, memory: Any, whose: str, embedder: object = None) -> None:
        memory = getattr(memory, "_memory", None) or memory
        if memory is None or isinstance(memory, bool):
            return
        self._asked(getattr(memory, "llm", None), whose)
        self._embedder(getattr(memory, "embedder", None) or embedder, whose)

    def _embedder(self, embedder: object, whose: str, *, knowledge: bool = False) -> None:
        if embedder is None:
            implied = implicit.knowledge if knowledge else implicit.memory
            self._needs.routed(implied(None, self._version), f"{whose} with the default embedder")
        elif isinstance(embedder, Mapping):
            found = embedders.embedder(str(embedder.get("provider")), self._version)
            config = embedder.get("config")
            self._needs.routed(found, f"the embedder of {whose}", config if isinstance(config, Mapping) else {})

    def _tools(self, tools: Iterable[Any], whose: str) -> None:
        for tool in tools:
            self.add(tool, whose)

    def _tool(self, tool: Any, whose: str) -> None:
        kind = next((each for each in type(tool).__mro__ if package(each) == "crewai_tools"), type(tool))
        because = f"{type(tool).__name__} of {whose}" if whose else type(tool).__name__
        needs = tool_needs(kind.__name__, ("config",) if field(tool, "config") else ())
        if needs is not None and package(kind) == "crewai_tools":
            for need in needs:
                self._needs.credential(need.credential, because, service=need.provider, holder=tool)
        else:
            for declared in items(tool, "env_vars"):
                required = bool(getattr(declared, "required", True)) and getattr(declared, "default", None) is None
                self._needs.variable(str(getattr(declared, "name", "")), because, required=required)
        config = field(tool, "config")
        if isinstance(config, Mapping) and isinstance(config.get("embedding_model"), Mapping):
            self._embedder(config["embedding_model"], because)

    def _servers(self, servers: Iterable[Any], whose: str) -> None:
        """A URL or a configured server carries its own key; a plain name is one of the platform's."""
        if any(isinstance(each, str) and "://" not in each for each in servers):
            self._platform(f"a server of tools of {whose}")

    def _platform(self, because: str) -> None:
        found = provider(_PLATFORM)
        if found is not None:
            self._needs.credential(found.credential("tool"), because, service=found.id)
