"""PostgreSQL: rows, repositories, transactions and raw statements. Nothing outside sees SQLAlchemy or psycopg."""
