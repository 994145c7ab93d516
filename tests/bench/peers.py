"""The same questions, put to what a user would pick instead of carenet.

Each peer holds what may be listed of a store, answers a question with offering ids in carenet's
order, and is given areas and services as numbers, looked up beforehand: it never pays for names.
"""
import os
import shutil
import sqlite3
import subprocess
import tempfile

# What may be listed, one row an offering; the same table for every peer. `service` and `area` are
# positions in pre-order, so that "at or below" is a range.
LISTED = """
SELECT o.id AS offering, p.id AS provider,
       CASE p.disclosure WHEN 'public' THEN s.name ELSE p.display_name END AS name,
       g.name AS organization, v.id AS service_id, v.first_below AS service,
       a.name AS place, a.first_below AS area,
       CASE p.disclosure WHEN 'public' THEN coalesce(s.lat_deg, a.lat_deg) ELSE a.lat_deg END AS lat,
       CASE p.disclosure WHEN 'public' THEN coalesce(s.lon_deg, a.lon_deg) ELSE a.lon_deg END AS lon,
       p.remote, p.status, p.verified_on, p.verified_on IS NULL AS unconfirmed,
       coalesce((SELECT group_concat(t.term, ' ') FROM provider_term AS t
         WHERE t.network_id = 1 AND t.provider_id = p.id AND t.kind = 'language'), '') AS languages,
       o.age_min, o.age_max, o.sex, p.contact_role AS contact,
       CASE WHEN v.unit = 'none' THEN 1000000000 WHEN c.total IS NULL THEN -1
            ELSE max(0, c.total - c.occupied - c.held) END AS free,
       CASE WHEN v.unit = 'none' THEN 0 WHEN c.total IS NULL THEN 1
            WHEN c.total > c.occupied + c.held THEN 0 ELSE 2 END AS availability,
       c.total, c.wait_days
  FROM {offerings} JOIN provider AS p ON p.network_id = 1 AND p.id = o.provider_id
  JOIN provider_site AS s ON s.network_id = 1 AND s.provider_id = p.id
  JOIN area AS a ON a.network_id = 1
   AND a.code = CASE p.disclosure WHEN 'public' THEN s.area ELSE p.show_area END
  LEFT JOIN organization AS g ON g.network_id = 1 AND g.id = p.organization_id
  LEFT JOIN capacity AS c ON c.network_id = 1 AND c.offering_id = o.id
 WHERE o.network_id = 1 AND o.closed = 0
"""
EVERY_OFFERING = "offering AS o JOIN service AS v ON v.network_id = 1 AND v.id = o.service_id"
SHOWN = ("offering, provider, name, organization, service_id, place, free, total, availability, "
         "wait_days, languages, contact, verified_on")


class Places:
    """Positions and points of areas and services, as the store has them."""

    def __init__(self, store):
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as db:
            self.areas = {code: rest for code, *rest in db.execute(
                "SELECT code, first_below, end_below, lat_deg, lon_deg FROM area")}
            self.services = {name: rest for name, *rest in db.execute(
                "SELECT id, first_below, end_below FROM service")}


def haversine(lat, lon):
    """The distance in metres as SQL; carenet's own formula and radius."""
    return (f"2 * 6371008.8 * asin(sqrt(pow(sin(radians(lat - {lat}) / 2), 2) + cos(radians({lat}))"
            f" * cos(radians(lat)) * pow(sin(radians(lon - {lon}) / 2), 2)))")


def box(lat, lon, within_m):
    """A box of degrees around the circle: what an index on lat and lon can use."""
    high = within_m / 110500
    wide = high / 0.92  # meridians at 22 degrees north
    return (f"lat BETWEEN {lat - high} AND {lat + high}"
            f" AND lon BETWEEN {lon - wide} AND {lon + wide}")


def conditions(question, places, speaks):
    """The WHERE of a question over the columns of LISTED, without the distance."""
    tests = ["status = 'active'"]
    if question["service"]:
        first, end = places.services[question["service"]]
        tests.append(f"service >= {first} AND service < {end}")
    if question["region"]:
        first, end = places.areas[question["region"]][:2]
        tests.append(f"area >= {first} AND area < {end}")
    if question["age"] >= 0:
        tests.append(f"coalesce(age_min, 0) <= {question['age']}"
                     f" AND coalesce(age_max, 999) >= {question['age']}")
    if question["sex"]:
        tests.append(f"sex IN ('unstated', '{question['sex']}')")
    if question["language"]:
        tests.append(speaks(question["language"]))
    if question["free"] > 0:
        tests.append(f"free >= {question['free']}")
    if question["confirmed_only"]:
        tests.append("unconfirmed = 0")
    if question["in_person"] or question["near"]:
        tests.append("remote = 0")
    return tests


def order(question, distance, collate=""):
    keys = {"default": "availability, wait_days NULLS LAST", "wait": "wait_days NULLS LAST",
            "distance": f"round({distance})"}[question["sort"]]
    limit = f" LIMIT {question['limit']}" if question["limit"] else ""
    return f" ORDER BY unconfirmed, {keys}, provider{collate}, offering{collate}{limit}"


def ask_flat(question, places, speaks):
    """The question as SQL over a table `listed` of plain columns."""
    tests, distance = conditions(question, places, speaks), None
    if question["near"]:
        lat, lon = places.areas[question["near"]][2:]
        distance = haversine(lat, lon)
        tests += [box(lat, lon, question["within_m"]),
                  f"round({distance}) <= {question['within_m']}"]
    return f"SELECT {SHOWN} FROM listed WHERE {' AND '.join(tests)}{order(question, distance)}"


def speaks_word(language):
    return f"' ' || languages || ' ' LIKE '% {language} %'"


SEATED = """WITH seat(provider) AS (
SELECT s.provider_id FROM area AS a CROSS JOIN provider_site AS s ON s.network_id = 1
   AND s.area = a.code JOIN provider AS p ON p.network_id = 1 AND p.id = s.provider_id
 WHERE a.network_id = 1 AND a.first_below >= {first} AND a.first_below < {end}
   AND p.disclosure = 'public'
UNION ALL
SELECT p.id FROM area AS a CROSS JOIN provider AS p INDEXED BY provider_by_show_area
    ON p.network_id = 1 AND p.show_area = a.code
 WHERE a.network_id = 1 AND a.first_below >= {first} AND a.first_below < {end}
   AND p.disclosure <> 'public'), """


def ask_store(question, places, by_place=False):
    """The question as one hand-written query over the tables of a store. The way in is the service
    (offering_by_service) or, where a region is asked for, the place (provider_site_by_area,
    provider_by_show_area); the rest follows by primary key."""
    offerings, head = EVERY_OFFERING, "WITH "
    if question["service"]:
        first, end = places.services[question["service"]]
        service = f"v.network_id = 1 AND v.first_below >= {first} AND v.first_below < {end}"
        offerings = f"service AS v CROSS JOIN offering AS o ON {service} AND o.service_id = v.id"
        if by_place:
            offerings = ("seat CROSS JOIN offering AS o INDEXED BY offering_by_provider"
                         " ON o.network_id = 1"
                         " AND o.provider_id = seat.provider"
                         f" CROSS JOIN service AS v ON v.id = o.service_id AND {service}")
    inner = LISTED.format(offerings=offerings)
    if question["region"]:
        first, end = places.areas[question["region"]][:2]
        if by_place:
            head = SEATED.format(first=first, end=end)
        inner += f" AND a.first_below >= {first} AND a.first_below < {end}"
    return (f"{head}listed AS ({inner}) "
            + ask_flat(dict(question, region=None, service=None), places, speaks_word) + ";")


class Duckdb:
    """DuckDB in memory, in this process, through its own Python package."""
    name = "DuckDB"

    def __init__(self, store, places):
        import duckdb
        self.places = places
        self.version = duckdb.__version__
        self.db = duckdb.connect()
        columns, rows = listed_rows(store)
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
            write_csv(file, columns, rows)
            self.db.execute("CREATE TABLE listed AS SELECT * FROM read_csv(?, header = true,"
                            " nullstr = '', all_varchar = false, sample_size = -1)", [file.name])
        self.db.execute("CREATE INDEX listed_by_service ON listed (service)")

    def prepare(self, question):
        return ask_flat(question, self.places, speaks_word)

    def ask(self, prepared):
        return self.db.execute(prepared).fetchall()

    def close(self):
        self.db.close()


class Postgres:
    """PostgreSQL with PostGIS in a folder of its own, over a unix socket, with prepared statements.
    PostgreSQL does not run as root: then it runs as a user without rights."""
    name = "PostgreSQL with PostGIS"

    def __init__(self, store, places):
        import psycopg
        self.places, self.server, self.db = places, None, None
        self.folder = tempfile.mkdtemp(prefix="carenet-bench-")
        try:
            self.start()
            self.db = psycopg.connect(host=self.folder, dbname="postgres", user="bench",
                                      autocommit=True, prepare_threshold=0)
            self.fill(store)
            row = self.db.execute("SELECT current_setting('server_version'), postgis_lib_version()")
            self.version = " / ".join(word.split()[0] for word in row.fetchone())
        except BaseException:
            self.close()
            raise

    def start(self):
        programs = sorted(os.listdir("/usr/lib/postgresql"), key=int)[-1]
        programs = f"/usr/lib/postgresql/{programs}/bin"
        user = {}
        if os.geteuid() == 0:
            user = {"user": "postgres"}
            shutil.chown(self.folder, "postgres")
        environment = {"LC_ALL": "C", "PATH": os.environ["PATH"], "HOME": self.folder}
        data = f"{self.folder}/data"
        subprocess.run([f"{programs}/initdb", "-U", "bench", "-A", "trust", "-E", "UTF8", "-D", data],
                       check=True, stdout=subprocess.DEVNULL, env=environment, cwd=self.folder, **user)
        subprocess.run([f"{programs}/pg_ctl", "-D", data, "-w", "-l", f"{self.folder}/log", "-o",
                        f"-c listen_addresses='' -c unix_socket_directories={self.folder}"
                        " -c shared_buffers=512MB -c jit=off -c max_parallel_workers_per_gather=0",
                        "start"], check=True, stdout=subprocess.DEVNULL, env=environment,
                       cwd=self.folder, **user)
        self.server = ([f"{programs}/pg_ctl", "-D", data, "-w", "-m", "fast", "stop"],
                       environment, user)

    def fill(self, store):
        columns, rows = listed_rows(store)
        self.db.execute("CREATE EXTENSION postgis")
        self.db.execute(
            "CREATE TABLE listed (offering text, provider text, name text, organization text,"
            " service_id text, service int, place text, area int, lat float8, lon float8,"
            " remote int, status text, verified_on text, unconfirmed int, languages text[],"
            " age_min int, age_max int, sex text, contact text, free bigint, availability int,"
            " total bigint, wait_days int)")
        languages = columns.index("languages")
        with self.db.cursor().copy(f"COPY listed ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                row = list(row)
                row[languages] = row[languages].split()
                copy.write_row(row)
        self.db.execute("ALTER TABLE listed ADD point geography")
        self.db.execute("UPDATE listed SET point = ST_Point(lon, lat)::geography")
        self.db.execute("CREATE INDEX ON listed (service, area)")
        self.db.execute("CREATE INDEX ON listed (area)")
        self.db.execute("CREATE INDEX ON listed USING gist (point)")
        self.db.execute("VACUUM (FULL, ANALYZE) listed")

    def prepare(self, question):
        tests = conditions(question, self.places, lambda language: f"languages @> ARRAY['{language}']")
        distance = None
        if question["near"]:
            lat, lon = self.places.areas[question["near"]][2:]
            here = f"ST_Point({lon}, {lat})::geography"
            distance = f"ST_Distance(point, {here}, false)"
            tests.append(f"ST_DWithin(point, {here}, {question['within_m']}, false)")
        return (f"SELECT {SHOWN} FROM listed WHERE {' AND '.join(tests)}"
                + order(question, distance, ' COLLATE "C"'))

    def ask(self, prepared):
        return self.db.execute(prepared).fetchall()

    def close(self):
        if self.db is not None:
            self.db.close()
        if self.server is not None:
            command, environment, user = self.server
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=environment,
                           cwd=self.folder, **user)
        shutil.rmtree(self.folder, ignore_errors=True)


def listed_rows(store):
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as db:
        rows = db.execute(LISTED.format(offerings=EVERY_OFFERING))
        return [column[0] for column in rows.description], rows.fetchall()


def write_csv(file, columns, rows):
    import csv
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows(rows)
    file.flush()


