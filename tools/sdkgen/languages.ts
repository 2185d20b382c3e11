/** The languages that an SDK is generated for. Pulumi's generator for Java is not available as a Go module. */
export const sdkLanguages = ["nodejs", "python", "go", "dotnet"] as const;

export type SdkLanguage = (typeof sdkLanguages)[number];
