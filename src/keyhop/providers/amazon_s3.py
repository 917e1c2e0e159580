"""Amazon S3, as CrewAI's file tools read it, under names of their own."""

from keyhop.catalogue import Credential, Provider, ProviderId, key, variables
from keyhop.citations import CREWAI_TOOLS

PROVIDER = Provider(
    id=ProviderId("amazon-s3"),
    title="Amazon S3",
    url="https://console.aws.amazon.com/iam",
    kind="tool",
    credentials=(
        Credential.of(
            key("CREW_AWS_ACCESS_KEY_ID", arguments=()),
            key("CREW_AWS_SEC_ACCESS_KEY", arguments=()),
            reader="tool",
        ),
    ),
    settings=variables("CREW_AWS_REGION"),
    hosts=("s3.amazonaws.com", "*.amazonaws.com"),
    never_read=variables("CREW_AWS_SECRET_ACCESS_KEY"),
    references=(CREWAI_TOOLS,),
)
