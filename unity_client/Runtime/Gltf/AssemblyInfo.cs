using UnityEngine.Scripting;

// Nothing names this assembly: its loader registers itself. Without this the linker of a player leaves it out.
[assembly: AlwaysLinkAssembly]
