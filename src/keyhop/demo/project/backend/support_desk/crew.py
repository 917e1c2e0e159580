"""The crew: one agent sorts the ticket, the next drafts the reply."""

from crewai import Agent, Crew, Process, Task
from crewai.project import CrewBase, agent, crew, task

from support_desk.tickets import Reply, Ticket


@CrewBase
class SupportDesk:
    """Sorts one ticket and drafts its reply."""

    agents_config = "config/agents.yaml"
    tasks_config = "config/tasks.yaml"

    @agent
    def classifier(self) -> Agent:
        return Agent(config=self.agents_config["classifier"])

    @agent
    def writer(self) -> Agent:
        return Agent(config=self.agents_config["writer"])

    @task
    def classify(self) -> Task:
        return Task(config=self.tasks_config["classify"])

    @task
    def reply(self) -> Task:
        return Task(config=self.tasks_config["reply"])

    @crew
    def crew(self) -> Crew:
        return Crew(agents=self.agents, tasks=self.tasks, process=Process.sequential)


def answer(ticket: Ticket) -> Reply:
    """Runs the crew on one ticket."""
    result = SupportDesk().crew().kickoff(inputs={"id": ticket.id, "customer": ticket.customer, "text": ticket.text})
    category, reply = (output.raw.strip() for output in result.tasks_output)
    return Reply(ticket=ticket.id, category=category, text=reply)
