/** URLs that try to turn us against the network we run in. Names are answered by `RESOLVED`; a name that is not there does not exist. */
export const HOSTILE_URLS: readonly string[] = [
  // Loopback in every spelling that URL parsing understands
  "https://127.0.0.1/", "https://127.0.0.1:8443/x", "https://127.1/", "https://127.0.1/", "https://127.255.255.254/", "https://2130706433/",
  "https://0x7f000001/", "https://0x7f.1/", "https://0177.0.0.1/", "https://017700000001/", "https://0x7F.0x0.0x0.0x1/", "https://127.0.0.1./",
  "https://[::1]/", "https://[0:0:0:0:0:0:0:1]/", "https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://%6c%6f%63alhost/",
  "https://①②⑦.⓪.⓪.①/", "https://１２７.０.０.１/", "https://127。0。0。1/", "https:127.0.0.1/", "https:\\\\127.0.0.1\\", "https:///127.0.0.1/", "  https://127.0.0.1/", "https://127.0.0.1\t/", "https://12\n7.0.0.1/",
  // Unspecified and broadcast
  "https://0.0.0.0/", "https://0/", "https://0x0/", "https://[::]/", "https://255.255.255.255/", "https://4294967295/",
  // Private, shared, link-local
  "https://10.0.0.1/", "https://10.1/", "https://172.16.0.1/", "https://172.31.255.255/", "https://192.168.0.1/", "https://3232235521/", "https://0xC0A80001/",
  "https://100.64.0.1/", "https://100.127.255.255/", "https://169.254.0.1/",
  // Metadata services
  "https://169.254.169.254/latest/meta-data/", "https://2852039166/", "https://0xA9FEA9FE/", "https://0251.0376.0251.0376/", "https://169.254.43518/", "https://[fd00:ec2::254]/",
  "https://100.100.100.200/", "https://192.0.0.192/", "https://168.63.129.16/", "https://metadata.google.internal/",
  // IPv6 that is private, link-local, multicast or stands for IPv4
  "https://[fe80::1]/", "https://[febf::1]/", "https://[fc00::1]/", "https://[fdff::1]/", "https://[fec0::1]/", "https://[ff02::1]/",
  "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::ffff:8.8.8.8]/", "https://[::ffff:0:127.0.0.1]/", "https://[::127.0.0.1]/", "https://[::8.8.8.8]/",
  "https://[64:ff9b::7f00:1]/", "https://[64:ff9b::8.8.8.8]/", "https://[64:ff9b:1::a00:1]/", "https://[2002:7f00:1::]/", "https://[2001:0:7f00:1::]/", "https://[2001:db8::1]/", "https://[3fff::1]/", "https://[100::1]/", "https://[5f00::1]/", "https://[4000::1]/",
  // Special ranges of IPv4
  "https://192.0.2.1/", "https://198.51.100.1/", "https://203.0.113.1/", "https://198.18.0.1/", "https://224.0.0.1/", "https://239.255.255.255/", "https://240.0.0.1/", "https://192.88.99.1/",
  // Names that lead inside
  "https://inside.example/", "https://inside6.example/", "https://mixed.example/", "https://mapped.example/", "https://zone.example/", "https://octal.example/", "https://metadata.example./",
  // Without TLS, with credentials, other schemes, no URL at all
  "http://public.example/", "http://public.example:443/", "http://127.0.0.1/", "https://user:secret@public.example/", "https://user@public.example/", "https://:secret@public.example/", "https://public.example@127.0.0.1/", "https://127.0.0.1#@public.example/",
  "ftp://public.example/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "data:text/plain,x", "javascript:alert(1)", "unix:/var/run/docker.sock", "//public.example/", "public.example", "", "https://", "https://[::1", "https://127.0.0.1:99999/", "https://256.256.256.256/", "https://0x100000000/",
];

export const RESOLVED: Record<string, readonly string[]> = {
  "localhost": ["127.0.0.1", "::1"],
  "localhost.": ["127.0.0.1", "::1"],
  "metadata.google.internal": ["169.254.169.254"],
  "metadata.example.": ["169.254.169.254"],
  "inside.example": ["10.0.0.5"],
  "inside6.example": ["fd12:3456::1"],
  "mixed.example": ["93.184.215.14", "192.168.1.1"],
  "mapped.example": ["::ffff:10.0.0.5"],
  "zone.example": ["fe80::1%eth0"],
  "octal.example": ["0177.0.0.1"],
  "public.example": ["93.184.215.14"],
};
