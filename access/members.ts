import { canonicalEmail } from "../provider/api/text/email.js";

/** Whether an email belongs to a service account of any company. Its local part is the account's id. */
export const isAccountEmail = (address: string): boolean =>
  canonicalEmail(address).endsWith(".serviceaccount.d21s.com");

/** The part of an email after the last `@`, in canonical spelling. */
const domainOf = (address: string): string => {
  const email = canonicalEmail(address);
  return email.slice(email.lastIndexOf("@") + 1);
};

/**
 * Returns a function that tells whether an email belongs to a person of another mail domain. A service account does not
 * count, whatever company it belongs to.
 *
 * @param domains the company's own mail domains, such as `example.com`. A subdomain is another domain
 */
export function externalTo(domains: readonly string[]): (address: string) => boolean {
  const own = new Set(domains.map((domain) => canonicalEmail(domain).replace(/^@/, "")));
  return (address) => address !== "" && !isAccountEmail(address) && !own.has(domainOf(address));
}
