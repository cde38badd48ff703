// Compiles several assemblies in one process: each argument is a response file in csc's own grammar, compiled
// in turn. A process each would pay the compiler's start every time. Prints what csc would print, led by the
// response file's name; exits with 1 when one of them failed.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

static class Compile
{
    static readonly Dictionary<string, PortableExecutableReference> References =
        new Dictionary<string, PortableExecutableReference>();

    static int Main(string[] files)
    {
        var failed = 0;
        foreach (var file in files)
        {
            if (!One(file))
            {
                failed++;
            }
        }
        return failed == 0 ? 0 : 1;
    }

    static bool One(string file)
    {
        var here = Path.GetDirectoryName(Path.GetFullPath(file));
        var command = CSharpCommandLineParser.Default.Parse(new[] { "@" + file }, here, null);
        if (command.Errors.Any(error => error.Severity == DiagnosticSeverity.Error))
        {
            return Told(file, command.Errors);
        }
        var trees = command.SourceFiles.Select(source => Parsed(source.Path, command));
        var references = command.MetadataReferences.Select(one => Reference(Path.Combine(here, one.Reference)));
        var name = Path.GetFileNameWithoutExtension(command.OutputFileName);
        var assembly = CSharpCompilation.Create(name, trees, references, command.CompilationOptions);
        using (var code = new MemoryStream())
        {
            var result = assembly.Emit(code, options: command.EmitOptions);
            if (!result.Success)
            {
                return Told(file, result.Diagnostics);
            }
            File.WriteAllBytes(Path.Combine(command.OutputDirectory, command.OutputFileName), code.ToArray());
            return Told(file, result.Diagnostics);
        }
    }

    static SyntaxTree Parsed(string path, CSharpCommandLineArguments command)
    {
        using (var stream = File.OpenRead(path))
        {
            return CSharpSyntaxTree.ParseText(SourceText.From(stream), command.ParseOptions, path);
        }
    }

    static PortableExecutableReference Reference(string path)
    {
        if (!References.TryGetValue(path, out var reference))
        {
            References[path] = reference = MetadataReference.CreateFromFile(path);
        }
        return reference;
    }

    static bool Told(string file, IEnumerable<Diagnostic> diagnostics)
    {
        var worst = diagnostics.Where(one => one.Severity >= DiagnosticSeverity.Warning && !one.IsSuppressed).ToList();
        foreach (var one in worst.Take(20))
        {
            Console.WriteLine(Path.GetFileNameWithoutExtension(file) + ": " + one);
        }
        return worst.All(one => one.Severity != DiagnosticSeverity.Error);
    }
}
