import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzeRequest,
  AnalyzeStackRequest,
  AnalyzerPropertyDependencies,
  AnalyzerResource,
  AnalyzerResourceOptions,
  type AnalyzeResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { execa } from "execa";
import { call, toStruct, type Properties } from "../engine/harness/protocol";
import { afterwards, RUN_MARK } from "../engine/harness/scratch";

/** A resource in the form in which a preview reports it. */
export interface Planned {
  readonly type: string;
  readonly urn: string;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
  readonly dependencies?: string[];
  readonly propertyDependencies?: Record<string, string[]>;
}

export interface Violation {
  readonly policy: string;
  readonly level: number;
  readonly message: string;
}

/**
 * The process of a policy pack. It uses the engine's own protocol, without the language host with which the
 * CLI starts it.
 */
export interface PackProcess {
  /** The pack's violations for a preview's resources, one by one and then all together. */
  judge(resources: readonly Planned[]): Promise<Violation[]>;
}

/** Starts the pack in a folder. It ends after the test file. */
export async function startPack(folder: string, env: Record<string, string> = {}): Promise<PackProcess> {
  const [markName = "", mark = ""] = RUN_MARK.split("=");
  const child = execa(process.execPath, ["--import", "tsx", "index.ts", "127.0.0.1:1"], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", [markName]: mark, ...env },
    extendEnv: false,
    stdin: "ignore",
    all: true,
    reject: false,
  });
  afterwards(() => child.kill("SIGKILL"));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    void child.then(({ all }) =>
      reject(new Error(`the policy pack ended before it listened:\n${all ?? ""}`)),
    );
  });
  const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  afterwards(() => client.close());

  return {
    async judge(resources) {
      const singly = await Promise.all(
        resources.map((resource) =>
          call<AnalyzeResponse>((done) => client.analyze(analyzeRequest(resource), done)),
        ),
      );
      const together = await call<AnalyzeResponse>((done) =>
        client.analyzeStack(
          new AnalyzeStackRequest().setResourcesList(resources.map(analyzerResource)),
          done,
        ),
      );
      return [...singly, together].flatMap((response) =>
        response.getDiagnosticsList().map((diagnostic) => ({
          policy: diagnostic.getPolicyname(),
          level: diagnostic.getEnforcementlevel(),
          message: diagnostic.getMessage(),
        })),
      );
    },
  };
}

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

function analyzeRequest({ type, urn, inputs = {} }: Planned): AnalyzeRequest {
  return new AnalyzeRequest()
    .setType(type)
    .setUrn(urn)
    .setName(nameOf(urn))
    .setProperties(toStruct(inputs))
    .setOptions(new AnalyzerResourceOptions());
}

function analyzerResource(resource: Planned): AnalyzerResource {
  const { type, urn, inputs = {}, outputs = {}, dependencies = [], propertyDependencies = {} } = resource;
  const made = new AnalyzerResource()
    .setType(type)
    .setUrn(urn)
    .setName(nameOf(urn))
    .setProperties(toStruct({ ...inputs, ...outputs }))
    .setOptions(new AnalyzerResourceOptions())
    .setDependenciesList(dependencies);
  for (const [name, urns] of Object.entries(propertyDependencies))
    made.getPropertydependenciesMap().set(name, new AnalyzerPropertyDependencies().setUrnsList(urns));
  return made;
}
