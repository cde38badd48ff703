/**
 * The Basis transcoder that comes with three.js (r187) writes its bindings as text and compiles them with the
 * `Function` constructor, which the page's policy rightly forbids (mrdoob/three.js#34389). Its worker is given this
 * in that constructor's place: it makes the same two kinds of function as closures, and refuses any other.
 */
type Any = any; // What Emscripten's bindings hand over: wire types and functions of the module, by name.

/** Source of a script that takes `Function`'s place; to be run before the transcoder. */
export function withoutEval(): string {
  return `self.Function = (${closures.toString()})();\n`;
}

// Runs in the worker: it may name nothing outside itself.
function closures(): unknown {
  /** A method of the module, called from script: arguments to the wire, the call, the result back. */
  function called(body: string, given: Record<string, Any>): unknown {
    const { humanName, throwBindingError, invoker, fn, runDestructors, retType, classParam } = given;
    const isMethod = body.includes("classParam['toWireType']");
    const keepsStack = body.includes('var destructors = []');
    const returns = body.includes('return ret;');
    const types: Any[] = [];
    while (`argType${types.length}` in given) types.push(given[`argType${types.length}`]);
    return function (this: unknown, ...args: unknown[]): unknown {
      if (args.length !== types.length) {
        throwBindingError(`function ${humanName} called with ${args.length} arguments, expected ${types.length}`);
      }
      const stack = keepsStack ? [] : null;
      const self = isMethod ? [classParam.toWireType(stack, this)] : [];
      const wired = types.map((type, index) => type.toWireType(stack, args[index]));
      const result = invoker(fn, ...self, ...wired);
      if (stack) runDestructors(stack);
      else {
        if (isMethod) given['thisWired_dtor']?.(self[0]);
        wired.forEach((one, index) => given[`arg${index}Wired_dtor`]?.(one));
      }
      return returns ? retType.fromWireType(result) : undefined;
    };
  }
  /** A method of a script's object, called from the module. */
  function calling(body: string, given: Record<string, Any>): unknown {
    const reads = [...body.matchAll(/argType(\d+)\.readValueFromPointer\(args(?:\+(\d+))?\)/g)];
    const passesThis = /func\.call\(obj\b/.test(body);
    return (obj: unknown, func: Any, destructors: unknown, args: number): unknown => {
      const values = reads.map(([, index, offset]) => given[`argType${index}`].readValueFromPointer(args + Number(offset ?? 0)));
      const isNew = body.includes('new func(');
      const result = isNew ? new func(...values) : passesThis ? func.call(obj, ...values) : func.call(...values);
      return given['emval_returnValue']?.(given['retType'], destructors, result);
    };
  }
  function made(...names: string[]): unknown {
    const body = names.pop() ?? '';
    return (...values: Any[]): unknown => {
      const given = Object.fromEntries(names.map((name, index) => [name, values[index]]));
      if (names[0] === 'humanName' && body.includes('invoker(fn')) return called(body, given);
      if (names[0] === 'retType' && body.includes('destructorsRef')) return calling(body, given);
      throw new Error('the transcoder wants a function of a kind that is not known here');
    };
  }
  // What asks `instanceof Function` is answered as before.
  made.prototype = Object.getPrototypeOf(made);
  return made;
}
