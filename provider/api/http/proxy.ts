import { BlockList, isIP } from "node:net";
import { registerSecret } from "../text/redact.js";

/** The proxy that a request goes through. */
export interface Proxy {
  /** The environment variable that names it. */
  readonly variable: string;
  /** May contain a login. `redact` knows its password. */
  readonly url: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for requests to a URL. Reads the environment as curl and Go do: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`
 * and `NO_PROXY`, with lowercase names first. Requests to this machine never use a proxy.
 *
 * @throws Error naming the variable if it doesn't name a usable proxy; never its value, which may contain a password
 */
export function proxyFor(target: string, environment: Environment = process.env): Proxy | undefined {
  const { protocol, hostname, port } = new URL(target);
  const isHttps = protocol === "https:";
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (isLoopback(host)) return undefined;
  // In a CGI program, HTTP_PROXY is set by the client of the web server, so it can't be trusted.
  const isCgi = environment.REQUEST_METHOD !== undefined;
  const names = isHttps ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy", ...(isCgi ? [] : ["HTTP_PROXY"])];
  const found = firstOf([...names, "all_proxy", "ALL_PROXY"], environment);
  if (found === undefined) return undefined;
  const exceptions = firstOf(["no_proxy", "NO_PROXY"], environment)?.value ?? "";
  if (isExcepted(host, port || (isHttps ? "443" : "80"), exceptions)) return undefined;
  return { variable: found.name, url: proxyUrl(found.name, found.value) };
}

function firstOf(names: readonly string[], environment: Environment) {
  for (const name of names) {
    const value = environment[name]?.trim();
    if (value) return { name, value };
  }
  return undefined;
}

function proxyUrl(variable: string, value: string): string {
  const spelled = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(spelled))
    throw new Error(`${variable} is not the URL of a proxy, such as http://proxy:3128`);
  const url = new URL(spelled);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new Error(
      `${variable} names a proxy by ${url.protocol}//, and only http:// and https:// are supported: name such a one, or except the host by NO_PROXY`,
    );
  }
  const [user, password] = [url.username, url.password].map(decoded);
  if (password)
    for (const secret of [password, url.password, `${user ?? ""}:${password}`]) registerSecret(secret);
  return url.href;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

const isLoopback = (host: string): boolean =>
  host === "localhost" || host.endsWith(".localhost") || isIn(loopback, host);

const isIn = (list: BlockList, host: string): boolean =>
  isIP(host) !== 0 && list.check(host, isIP(host) === 6 ? "ipv6" : "ipv4");

/**
 * Whether `NO_PROXY` names a host: by `*`, an address, a range such as `10.0.0.0/8`, or a domain, which includes its
 * subdomains.
 */
function isExcepted(host: string, port: string, exceptions: string): boolean {
  return exceptions
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      if (entry.includes("/")) return isInRange(host, entry);
      const [, inBrackets, plain, onPort] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
      if (onPort !== undefined && onPort !== port) return false;
      return isNamedBy(inBrackets ?? plain ?? entry, host);
    });
}

function isNamedBy(entry: string, host: string): boolean {
  if (isIP(entry) !== 0 || isIP(host) !== 0)
    return isInRange(host, `${entry}/${isIP(entry) === 6 ? 128 : 32}`);
  const domain = entry.toLowerCase().replace(/^\*?\.|\.$/g, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

function isInRange(host: string, range: string): boolean {
  const [network = "", bits = ""] = range.split("/");
  if (isIP(network) === 0 || !/^\d+$/.test(bits) || Number(bits) > (isIP(network) === 6 ? 128 : 32))
    return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), isIP(network) === 6 ? "ipv6" : "ipv4");
  return isIn(list, host);
}
