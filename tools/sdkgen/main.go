// Writes the SDKs of a Pulumi schema with Pulumi's own generators: sdkgen SCHEMA FOLDER LANGUAGE...
//
// No version of the generators has all languages, so there are two builds of this program. The newest version
// is in go.mod. The last version that has a generator for .NET is in dotnet.mod: go build -modfile=dotnet.mod
// -tags dotnet.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

type generate func(tool string, pkg *schema.Package) (map[string][]byte, error)

func main() {
	if len(os.Args) < 4 {
		fail("usage: sdkgen SCHEMA FOLDER LANGUAGE...")
	}
	for _, language := range os.Args[3:] {
		if err := write(os.Args[1], filepath.Join(os.Args[2], language), language); err != nil {
			fail(fmt.Sprintf("the SDK for %s: %v", language, err))
		}
	}
}

func write(schemaFile, folder, language string) error {
	generate, ok := generators[language]
	if !ok {
		return fmt.Errorf("this build has no generator for it")
	}
	// A generator changes the package, so each language gets its own.
	pkg, err := read(schemaFile)
	if err != nil {
		return err
	}
	files, err := generate("pulumi-dt", pkg)
	if err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func read(file string) (*schema.Package, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	pkg, problems, err := schema.BindSpec(spec, loader{}, schema.ValidationOptions{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s: %w", file, problems)
	}
	return pkg, nil
}

// The generators panic without a loader. It is never called, because our schema refers to no other package.
type loader struct{ schema.ReferenceLoader }

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
