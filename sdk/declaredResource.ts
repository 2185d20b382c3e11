import * as pulumi from "@pulumi/pulumi";
import type * as provider from "../provider/index.js";
import { declare, type Declared } from "./declaredOnce.js";
import { hiddenInputs } from "./hiddenInputs.js";
import { runError } from "./runError.js";

/** The base of all resources. It adds the hidden inputs and keeps registration fast in large programs. */
export abstract class DeclaredResource extends pulumi.CustomResource {
  /**
   * @internal
   * @param handler the name of the handler that the provider's module exports
   * @param props the arguments, and `undefined` for each output
   * @param declares the membership, account or key that the arguments name, if they name one
   * @throws RunError if another resource of the program declares the same thing
   */
  constructor(
    handler: keyof typeof provider,
    type: string,
    name: string,
    props: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
    declares?: Declared,
  ) {
    refuseImport(type, name, opts);
    const hidden = hiddenInputs(handler, type, name, opts);
    if (declares !== undefined && opts?.id === undefined)
      declare({ type, name, opts }, hidden.__urn, declares);
    // To find leaked promises, Pulumi takes four stack traces for each property. That is a third of a large program's
    // time.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(type, name, { ...props, ...hidden }, opts);
    } catch (error) {
      Error.stackTraceLimit = stackTraceLimit;
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}

/** Replaces Pulumi's own error, which doesn't say what to do instead. */
function refuseImport(type: string, name: string, opts: pulumi.CustomResourceOptions = {}): void {
  if (opts.import === undefined) return;
  throw runError(
    `${type.replace(/^.*:/, "")} "${name}": the option "import" can't work for dynamic resources. Remove it. To manage what exists already, set the argument adopt: true for a membership, a name or an email for an account, an id for a key, an id or a name for a project`,
  );
}
