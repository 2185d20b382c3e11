/** Codes of Node.js and OpenSSL that mean: the other side's certificate is not to be trusted. */
const certificate =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET|DECRYPT|DECODE|VERIFY)_\w+|CERT_\w+|CRL_\w+|ERROR_IN_C\w+|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|ERR_TLS_CERT\w*)$/;

/** The code of an error that means: a proxy does not let us through. */
export const proxyRefused = "ERR_PROXY_REFUSED";

const isUntrusted = (code: string): boolean => certificate.test(code);
/** No TLS is spoken there, or none that both sides know. */
const isNoTls = (code: string): boolean => code === "EPROTO" || code.startsWith("ERR_SSL_");

/** Whether a failed connection fails again, however often it is tried; nothing was sent by it. */
export const isHopeless = (code = ""): boolean =>
  isUntrusted(code) || isNoTls(code) || code === proxyRefused || code === "ERR_TLS_INVALID_CONTEXT";

/**
 * What to do about a connection that failed.
 *
 * @param knob the setting that says where to connect
 * @param proxy the variable that names the proxy on the way
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
