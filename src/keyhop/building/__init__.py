"""What the instructions of a Dockerfile come to."""
