import { ApiError } from "../http/errors.js";

/** An object that can't be seen, and is not proven to be gone. It must never count as deleted. */
export class UnseenError extends ApiError {
  /**
   * @param place the object that can't be seen: the requested one, or one that contains it, such as a project
   * @param error the API's answer about the requested object
   */
  constructor(
    readonly place: string,
    readonly identity: string,
    { method, path, status, reason }: ApiError,
  ) {
    super(
      { method, path, status, reason: reason || "not found" },
      `${place} can't be seen with these credentials: either it does not exist, or they have no access to it. Nothing was taken as deleted. The credentials are those of ${identity}; \`pulumi-dt whoami\` lists what they can see. If they are the right ones and it is really gone, run \`pulumi state delete\` on what depended on it`,
    );
  }
}
