"""A bank's support desk: a crew sorts each ticket and drafts the reply."""

from dotenv import load_dotenv

load_dotenv()
