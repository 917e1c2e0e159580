"""Docker Compose: from the files of one deployment to what each of its services gets.

The rules are those of compose-go as docker-compose 5.6.1 has them.
"""
