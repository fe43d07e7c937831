#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A server that stands in for kernel.org, over TLS, and fails as it is told to.

    stand-in.py CERTIFICATE-AND-KEY FILE

Prints the port.  Whatever is asked for is FILE, in the way that the first
part of the path names: good, other (another content), short (broken off in
the middle), stalled (likewise, but open); all else is not there.
"""

import http.server
import ssl
import sys
import time


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        manner = self.path.split("/")[1]
        if manner not in ("good", "other", "short", "stalled"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        if manner == "good":
            self.wfile.write(CONTENT)
        elif manner == "other":
            self.wfile.write(CONTENT[::-1])
        else:
            self.wfile.write(CONTENT[: len(CONTENT) // 2])
            self.wfile.flush()
            if manner == "stalled":
                time.sleep(60)

    def log_message(self, *_):
        pass


with open(sys.argv[2], "rb") as file:
    CONTENT = file.read()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
