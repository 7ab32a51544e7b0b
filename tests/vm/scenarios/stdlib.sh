# SPDX-License-Identifier: Apache-2.0
# Several policies of std/ in force at once, with the real programs: each is selected by its own rule, does its job and is
# refused what it must not do. docs/stdlib/demonstration.md has the output.
. /scenarios/lib.sh
PATH=$PATH:/usr/sbin
secret=/root/.ssh/id_ed25519
mkdir -p /root/.ssh /srv/www /srv/files /srv/in /srv/out /srv/app /srv/redis /srv/job /srv/outside /etc/nginx \
    /var/log/nginx /var/lib/nginx/body
echo "root:secret:19000:0:99999:7:::" > /etc/shadow
echo "planted key" > $secret
echo "a page" > /srv/www/index.html
echo "some text" > /srv/in/text
echo 'import json; print(json.dumps({"squares": [x * x for x in range(4)]}))' > /srv/app/main.py
echo 'print(open("/etc/shadow").read())' > /srv/app/shadow.py
echo 'import socket; socket.create_connection(("127.0.0.1", 6379), 2); print("met", 6 * 7)' > /srv/app/connect.py
cat > /etc/nginx/nginx.conf <<'TEXT'
user root;
daemon off;
pid /var/lib/nginx/pid;
error_log /var/log/nginx/error.log;
events {}
http {
    access_log off;
    client_body_temp_path /var/lib/nginx/body;
    proxy_temp_path /var/lib/nginx/proxy;
    fastcgi_temp_path /var/lib/nginx/fastcgi;
    uwsgi_temp_path /var/lib/nginx/uwsgi;
    scgi_temp_path /var/lib/nginx/scgi;
    server {
        listen 127.0.0.1:8080;
        location / { root /srv/www; }
        location /secret/ { alias /root/.ssh/; }
    }
}
TEXT

# Runs `$@`; whether what it says has TEXT in it.
says() { text=$1; shift; "$@" 2>&1 | grep -q "$text"; }
listening() { grep -q ":$(printf %04X "$1") 00000000:0000 0A" /proc/net/tcp; }
listens() { for _ in $(seq 300); do listening "$1" && return 0; sleep 0.1; done; return 1; }
ask() { printf "$2" | nc -w 3 127.0.0.1 "$1"; }
start_servers() {
    nginx > /tmp/nginx.log 2>&1 &
    redis-server --bind 127.0.0.1 --dir /srv/redis --enable-protected-configs yes > /tmp/redis.log 2>&1 &
    memcached -u root -l 127.0.0.1 > /tmp/memcached.log 2>&1 &
    listens 8080 && listens 6379 && listens 11211 || { cat /tmp/nginx.log /tmp/redis.log /tmp/memcached.log; return 1; }
}
stop_servers() { kill -9 $(pidof nginx redis-server memcached) 2>/dev/null; sleep 0.5; rm -f /srv/outside/* /srv/out/*; }
in_unit() { # NAME COMMAND…
    unit=/sys/fs/cgroup/system.slice/$1; shift
    mkdir -p "$unit"
    sh -c 'echo 0 > "$0"/cgroup.procs; exec "$@"' "$unit" "$@"
}
plant() { ask 6379 'CONFIG SET dir /srv/outside\r\nSET key planted\r\nSAVE\r\nCONFIG SET dir /srv/redis\r\nQUIT\r\n' > /tmp/redis.answers; [ -e /srv/outside/dump.rdb ]; }

# What each must not do, a function for each: all of it works before there is a policy. tar by its path, since BusyBox has one within.
curl_reads() { says root:secret curl -sS file:///etc/shadow; }
curl_connects() { says PONG curl -sS -m 3 telnet://127.0.0.1:6379 -T /srv/in/ping; }
curl_writes() { curl -sS -o /srv/outside/page http://127.0.0.1:8080/ 2>/dev/null; [ -e /srv/outside/page ]; }
python_reads() { says root:secret python3.11 /srv/app/shadow.py; }
python_connects() { says 'met 42' python3.11 /srv/app/connect.py; }
tar_reads() { /usr/bin/tar -C /root -cf /srv/out/stolen.tar .ssh/id_ed25519 2>/tmp/tar.log && grep -q planted /srv/out/stolen.tar; }
tar_writes() { /usr/bin/tar -C /srv/in -cf /srv/outside/made.tar text 2>/tmp/tar.log; [ -e /srv/outside/made.tar ]; }
nginx_reads() { says planted wget -q -O - http://127.0.0.1:8080/secret/id_ed25519; }
memcached_listens() { memcached -u root -l 127.0.0.1 -p 11212 2>/tmp/other.log & sleep 2; listening 11212; found=$?; kill $! 2>/dev/null; return $found; }
job_reads() { says planted in_unit job@nightly.service cat $secret; }
job_writes() { in_unit job@nightly.service sh -c 'echo > /srv/outside/job' 2>/dev/null; [ -e /srv/outside/job ]; }
printf 'PING\r\nQUIT\r\n' > /srv/in/ping
forbidden="curl_reads curl_connects curl_writes python_reads python_connects tar_reads tar_writes nginx_reads plant memcached_listens
    job_reads job_writes"

check "the servers run" start_servers
for try in $forbidden; do check "without a policy: $try" $try; done
stop_servers

echo "--- llload"
check "three policies are installed" sh -ec '
    llload /policies/std_servers.o --set nginx.site=/srv/www --set nginx.ports=8080 --set redis.data=/srv/redis
    llload /policies/std_tools.o --set curl.files=/srv/files --set curl.ports=8080 --set python.app=/srv/app --set tar.source=/srv/in \
        --set tar.target=/srv/out
    llload /policies/std_jobs.o'

check "the servers run" start_servers
check "nginx serves, and curl fetches" sh -c 'curl -sS -o /srv/files/page http://127.0.0.1:8080/ && grep -q "a page" /srv/files/page'
check "Redis keeps and gives" sh -c "printf 'SET a text\r\nGET a\r\nSAVE\r\nQUIT\r\n' | nc -w 3 127.0.0.1 6379 | grep -q text && [ -e /srv/redis/dump.rdb ]"
check "memcached keeps and gives" sh -c "printf 'set a 0 0 4\r\ntext\r\nget a\r\nquit\r\n' | nc -w 3 127.0.0.1 11211 | grep -q text"
check "Python runs its program" says '"squares": \[0, 1, 4, 9\]' python3.11 /srv/app/main.py
check "tar packs and unpacks" sh -c '/usr/bin/tar -C /srv/in -cf /srv/out/a.tar text && /usr/bin/tar -C /srv/out -xf /srv/out/a.tar && grep -q "some text" /srv/out/text'
check "the unit does its job" in_unit job@nightly.service sh -c 'sort /etc/passwd | head -n 1 > /srv/job/first && grep -q . /srv/job/first'
for try in $forbidden; do check_fails "refused: $try" $try; done
check "another unit is left alone" says planted in_unit other.service cat $secret

echo "--- llload list"
llload list
for name in std_servers std_tools std_jobs; do
    echo "--- llload show $name"
    llload show $name
done
echo "--- llload events --no-follow"
llload events --no-follow
stop_servers
done_checks
