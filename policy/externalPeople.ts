import type { ResourceValidationPolicy } from "@pulumi/policy";
import { canonicalEmail } from "../provider/api/text/email.js";
import { milliseconds } from "../provider/contract/duration.js";
import { endOf, isValidEnd } from "../provider/contract/expiry.js";
import { permit, type Exception } from "./exception.js";
import { externalTo } from "../access/members.js";
import { isA, peekText } from "./resources.js";

/**
 * People with an email in another domain need an exception, or access that ends soon enough.
 *
 * @param domains the company's own domains, such as `example.com`, which doesn't include its subdomains
 * @param exceptions `who` is the email
 * @param longest how far in the future `expires` may be, such as `180d`, so that no exception is needed. Undefined if
 *   access with an end needs one, too
 * @throws InvalidInput if `longest` isn't a duration
 */
export function externalPeople(
  domains: readonly string[],
  exceptions: readonly Exception[],
  asOf: () => Date,
  longest?: string,
): ResourceValidationPolicy {
  const isExternal = externalTo(domains);
  const objection = permit(exceptions, asOf);
  const most = longest === undefined ? undefined : milliseconds(longest);
  return {
    name: "dt-external-people",
    description: "People of other mail domains have access for a reason, and until a day.",
    enforcementLevel: "mandatory",
    validateResource(resource, report) {
      if (!isA(resource, "ProjectRoleBinding") && !isA(resource, "OrgAdminBinding")) return;
      const member = canonicalEmail(peekText(resource, "member") ?? "");
      if (!isExternal(member)) return;
      const tooLong = whyTooLong(peekText(resource, "expires"));
      if (tooLong === undefined) return;
      const against = objection(member);
      if (against !== undefined) report(`${member} is of another mail domain, ${tooLong}and ${against}`);
    },
  };

  /** Why access that ends at `expires` needs an exception, as a clause; undefined if it needs none. */
  function whyTooLong(expires: string | undefined): string | undefined {
    if (most === undefined || longest === undefined) return "";
    if (expires === undefined || !isValidEnd(expires)) return "has no expires, ";
    // A date ends at the end of its day, so one more day is within the limit.
    const isShort = endOf(expires).getTime() <= asOf().getTime() + most + day;
    return isShort ? undefined : `has access until ${expires}, more than ${longest} from now, `;
  }
}

const day = 24 * 3_600_000;
