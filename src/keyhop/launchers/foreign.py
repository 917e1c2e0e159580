"""Programs that run no crew: stores, brokers, proxies, frontends, migrations, checks, tools of the trade."""

from __future__ import annotations

from keyhop.launcher import Launcher, foreign

_STORES = """
postgres postgresql pgvector mysqld mysql mariadb mariadbd mongod mongo mongodb redis redis-server redis-cli
redis-stack-server redisinsight redis_exporter postgis postgres_exporter valkey valkey-server memcached rabbitmq
rabbitmq-server rabbitmqctl kafka zookeeper nats-server elasticsearch opensearch kibana qdrant weaviate milvus
chroma chromadb neo4j minio mc etcd consul vault bao influxdb clickhouse cassandra couchdb timescaledb pgbouncer
pgadmin4 pgadmin adminer mailhog mailpit localstack
"""
_PROXIES = """
nginx httpd apache2 apache2ctl caddy traefik haproxy envoy oauth2-proxy cloudflared ngrok certbot litellm
"""
_WATCHERS = """
prometheus nginx-prometheus-exporter node-exporter cadvisor redis-exporter postgres-exporter grafana
grafana-server loki promtail jaeger tempo alertmanager node_exporter otelcol phoenix langfuse
"""
_MODELS = """
ollama vllm llama-server text-generation-launcher text-embeddings-router lmstudio open-webui flowise n8n
"""
_FRONTENDS = """
node nodejs next nuxt vite webpack ng react-scripts vue-cli-service astro gatsby remix expo tsx ts-node deno
hugo jekyll http-server live-server jupyter jupyter-lab jupyterhub notebook code-server mlflow tensorboard
"""
_CHECKS = """
pytest py.test tox nox unittest coverage ruff black isort flake8 mypy pyright pylint bandit pre-commit eslint
prettier
"""
_MIGRATIONS = """
alembic aerich flyway liquibase atlas dbmate goose sqlx prisma
"""
_TOOLS = """
pip pip3 pipx apt apt-get apk yum dnf brew git gh curl wget tar unzip docker docker-compose podman
podman-compose kubectl helm kustomize minikube kind terraform tofu pulumi ansible-playbook ansible gcloud aws az
heroku flyctl fly railway vercel netlify render modal sam cdk serverless skaffold tilt crond cron anacron sshd
scp rsync rclone mount logrotate rsyslogd syslogd tail fail2ban-server tsc java mvn gradle cargo go dotnet
php ruby rails rake bundle perl mkdocs sphinx-build sphinx docs flower locust selenium chromedriver playwright
chromium google-chrome Xvfb xvfb x11vnc novnc websockify spacy nltk huggingface-cli hf gsutil s3cmd psql pg_dump
pg_restore pg_isready createdb mysqladmin mongosh sqlite3 build twine ensurepip pip_audit virtualenv venv
compileall pyflakes http json ipykernel timeit
"""
_NAMES = " ".join((_STORES, _PROXIES, _WATCHERS, _MODELS, _FRONTENDS, _CHECKS, _MIGRATIONS, _TOOLS))

LAUNCHER = Launcher(id="foreign", names=tuple(dict.fromkeys(_NAMES.split())), follow=foreign)
