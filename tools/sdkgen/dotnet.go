//go:build dotnet

package main

import (
	"net/http"

	"github.com/pulumi/pulumi/pkg/v3/codegen"
	"github.com/pulumi/pulumi/pkg/v3/codegen/dotnet"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

var generators = map[string]generate{
	"dotnet": func(tool string, pkg *schema.Package) (map[string][]byte, error) {
		// The generator downloads a logo. The same schema must give the same SDK, without a network.
		http.DefaultTransport = noLogo{}
		// The generator leaves the examples of all languages in the comments of functions.
		for _, function := range pkg.Functions {
			function.Comment = codegen.FilterExamples(function.Comment, "csharp")
		}
		files, err := dotnet.GeneratePackage(tool, pkg, nil, nil)
		delete(files, "logo.png")
		return files, err
	},
}

type noLogo struct{}

func (noLogo) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
}
