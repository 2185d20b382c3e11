/** Codes of Node.js and OpenSSL for a server certificate that is not trusted. */
const certificate =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET|DECRYPT|DECODE|VERIFY)_\w+|CERT_\w+|CRL_\w+|ERROR_IN_C\w+|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|ERR_TLS_CERT\w*)$/;

/** The code of an error for a proxy that refuses the connection. */
export const proxyRefused = "ERR_PROXY_REFUSED";

const isUntrusted = (code: string): boolean => certificate.test(code);
/** The server doesn't use TLS, or the two sides have no TLS version in common. */
const isNoTls = (code: string): boolean => code === "EPROTO" || code.startsWith("ERR_SSL_");

/** Whether a failed connection fails again however often it is tried. Nothing was sent on it. */
export const isHopeless = (code = ""): boolean =>
  isUntrusted(code) || isNoTls(code) || code === proxyRefused || code === "ERR_TLS_INVALID_CONTEXT";

/**
 * Advice about a failed connection.
 *
 * @param knob the setting that says where to connect
 * @param proxy the variable that names the proxy, if there is one
 */
export function connectionAdvice(code: string | undefined, knob: string, proxy: string | undefined): string {
  if (code === proxyRefused || (code === "407" && proxy !== undefined))
    return `check ${proxy ?? "the proxy"}, and the login in it`;
  if (isUntrusted(code ?? "")) {
    const way = proxy === undefined ? "a gateway" : `the proxy that ${proxy} names`;
    return `the server's certificate is not trusted. If ${way} signs anew what passes it, or the server has a CA of its own, name the CA's PEM file in NODE_EXTRA_CA_CERTS; else check ${knob}, and the clock`;
  }
  const network =
    proxy === undefined ? "check the network" : `check the network, the proxy that ${proxy} names`;
  return isNoTls(code ?? "") ? `the server does not use TLS: check ${knob}` : `${network}, and ${knob}`;
}
