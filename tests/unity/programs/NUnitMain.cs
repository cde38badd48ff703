// Runs the NUnit tests of one assembly, as Unity's Test Runner would; `NUnitMain TESTS.dll [part of a name]`.
// Prints a line for each that failed and one for all; exits with 1 where one failed.
using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

static class NUnitMain
{
    static int Main(string[] arguments)
    {
        // NUnit takes the console's output for itself while a test runs.
        var console = Console.Out;
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(Assembly.LoadFrom(Path.GetFullPath(arguments[0])), new Dictionary<string, object>());
        var result = runner.Run(new Listener(console), new NamePart(arguments.Length > 1 ? arguments[1] : ""));
        console.WriteLine(
            "passed " + result.PassCount + " failed " + result.FailCount + " skipped " + result.SkipCount
            + " inconclusive " + result.InconclusiveCount);
        console.Flush();
        // Exit even where a thread is stuck; the tests themselves look for leaked threads.
        Environment.Exit(result.FailCount == 0 && result.PassCount > 0 && result.ResultState.Status != TestStatus.Failed ? 0 : 1);
        return 1;
    }

    sealed class NamePart : TestFilter
    {
        readonly string _part;

        internal NamePart(string part)
        {
            _part = part;
        }

        public override bool Match(ITest test) =>
            !test.IsSuite && test.FullName.IndexOf(_part, StringComparison.Ordinal) >= 0;

        public override bool Pass(ITest test) => Match(test) || HasMatch(test);

        bool HasMatch(ITest test)
        {
            foreach (var child in test.Tests)
            {
                if (Pass(child))
                {
                    return true;
                }
            }
            return false;
        }

        public override TNode AddToXml(TNode parent, bool recursive) => parent;
    }

    sealed class Listener : ITestListener
    {
        readonly TextWriter _out;

        internal Listener(TextWriter console)
        {
            _out = console;
        }

        public void TestStarted(ITest test)
        {
        }

        public void TestFinished(ITestResult result)
        {
            if (result.Test.IsSuite)
            {
                return;
            }
            _out.Write(result.Output);
            var status = result.ResultState.Status;
            if (status == TestStatus.Failed)
            {
                _out.WriteLine("FAILED " + result.FullName + "\n" + result.Message + "\n" + result.StackTrace);
            }
            else if (status == TestStatus.Passed || status == TestStatus.Skipped)
            {
                _out.WriteLine(
                    (status == TestStatus.Passed ? "ok " : "skipped ") + result.FullName
                    + " " + (int)(result.Duration * 1000) + " ms " + result.Message);
            }
            _out.Flush();
        }

        public void TestOutput(TestOutput output) => _out.Write(output.Text);

        public void SendMessage(TestMessage message)
        {
        }
    }
}
