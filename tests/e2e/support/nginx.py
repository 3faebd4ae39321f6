# SPDX-License-Identifier: GPL-3.0-or-later
"""A real nginx as the backend: files to download, and an echo of the identity headers it received.  Besides, on a Unix
socket, an nginx that verifies clients itself and says what it makes of their certificates.
"""

import socket
import subprocess
import time

from support.lab import end

CONFIG = """
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/nginx.error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    client_max_body_size 0;
    keepalive_timeout 5s;
    keepalive_requests 1000000;
    server {{
        listen {address}:{port};
        location /web/files/ {{ alias {directory}/files/; }}
        location /web/ {{
            default_type text/plain;
            return 200 "subject=$http_x_client_certificate_subject verify=$http_x_client_certificate_verification";
        }}
    }}
    server {{
        listen unix:{directory}/tls.sock ssl;
        ssl_certificate {server.chain};
        ssl_certificate_key {server.key};
        ssl_client_certificate {partners};
        ssl_verify_client on;
        ssl_verify_depth 5;
        default_type text/plain;
        return 200 "$ssl_client_escaped_cert\n$ssl_client_v_start\n$ssl_client_v_end\n$ssl_client_fingerprint\n$ssl_client_serial\n$ssl_client_i_dn\n$ssl_client_s_dn\n$ssl_client_verify\n";
    }}
}}
"""


class Nginx:
    def __init__(self, lab, directory, address, port, pki):
        self.tls_socket = directory / "tls.sock"
        self._pki = pki
        self.files = directory / "files"
        self._lab = lab
        self._directory = directory
        self._endpoint = (address, port)
        self._process = None

    def __enter__(self):
        self.files.mkdir()
        self._directory.chmod(0o755)  # its worker is not root
        config = self._directory / "nginx.conf"
        config.write_text(CONFIG.format(directory=self._directory, address=self._endpoint[0], port=self._endpoint[1],
                                        server=self._pki.server("api.example"), partners=self._pki.partners))
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self._process = self._lab.start("backend", "nginx", "-p", self._directory, "-c", "nginx.conf", "-e",
                                        self._directory / "nginx.error.log", stderr=subprocess.DEVNULL)
        for _ in range(100):
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError(f"nginx does not start: {(self._directory / 'nginx.error.log').read_text()}")

    def stop(self):
        if self._process is not None:
            end(self._process)
            self._process = None

    def _answers(self):
        with self._lab.socket("backend", socket.AF_INET) as probe:
            return probe.connect_ex(self._endpoint) == 0
