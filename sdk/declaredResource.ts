import * as pulumi from "@pulumi/pulumi";
import type * as provider from "../provider/index.js";
import { hiddenInputs } from "./handler.js";

/** What the resources have in common: a provider that is found by a constant text, and registration that costs a large program little. */
export abstract class DeclaredResource extends pulumi.CustomResource {
  /**
   * @internal
   * @param handler what the provider's module calls it
   * @param props arguments, and each output as undefined
   */
  constructor(
    handler: keyof typeof provider,
    type: string,
    name: string,
    props: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    // Pulumi takes four stack traces for each property, to tell where a promise was left behind: a third of a large program's time.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(type, name, { ...props, ...hiddenInputs(handler, type, name, opts) }, opts);
    } catch (error) {
      Error.stackTraceLimit = stackTraceLimit;
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}
