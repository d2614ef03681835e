"""Server on loopback that opens TLS as an antivirus does, under WhatsApp's name."""

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app import paths
from app.adapters.system.clock import SystemClock
from app.adapters.whatsapp.node_command import MEMORY_BOUNDS, NodeCommand, installed_node

HOST = "web.whatsapp.com"
_DAY = timedelta(days=1)
_PEM = serialization.Encoding.PEM
_PRELOADED = """
import tls from "node:tls";
process.env.SSL_CERT_FILE = {root};
const connect = tls.connect;
tls.connect = (options) => connect({{ ...options, host: "127.0.0.1", port: {port} }});
"""
Key = ec.EllipticCurvePrivateKey
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


async def refuse_web_socket(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    writer.close()


def relay_to(url: str) -> Serve:
    """Return a server that passes the bytes inside TLS on to this address and back."""

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while some := await reader.read(65_536):
            writer.write(some)
        writer.close()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
        await asyncio.gather(pass_on(reader, behind_writer), pass_on(behind_reader, writer))

    return relay


@dataclass(frozen=True)
class Antivirus:
    """Certificates of the server; `root` is the file that stands for the system's store."""

    root: Path
    chain: Path

    @classmethod
    def install(cls, folder: Path) -> "Antivirus":
        """Write a new root, and a chain for WhatsApp's name with its key."""
        root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root = _certificate("Antivirus", root_key, root_key)
        leaf = _certificate(HOST, key, root_key)
        private = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        installed = cls(folder / "root.pem", folder / "chain.pem")
        installed.root.write_bytes(root.public_bytes(_PEM))
        installed.chain.write_bytes(private + leaf.public_bytes(_PEM) + root.public_bytes(_PEM))
        return installed

    def leads(self, port: int) -> NodeCommand:
        """Return a sidecar whose TLS connections all go to this port on loopback, under their own name."""
        preloaded = _PRELOADED.format(root=json.dumps(str(self.root)), port=port)
        flags = (*MEMORY_BOUNDS, "--import", f"data:text/javascript,{quote(preloaded)}")
        return NodeCommand(installed_node(), paths.sidecar_bundle(), flags)

    @asynccontextmanager
    async def listening(self, port: int, serve: Serve = refuse_web_socket) -> AsyncIterator[None]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.chain)
        async with await asyncio.start_server(serve, "127.0.0.1", port, ssl=context):
            yield


def _certificate(name: str, key: Key, root_key: Key) -> x509.Certificate:
    now = SystemClock().now()
    is_root = key is root_key
    return (
        x509.CertificateBuilder(_named("Antivirus"), _named(name), key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _DAY)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(root_key, hashes.SHA256())
    )


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
