/** Makes an element: its attributes, its children; `onclick` and other listeners are given as functions. */
type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void)>>;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.replace(/^on/, ''), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export function button(text: string, press: () => void, kind = ''): HTMLButtonElement {
  return element('button', { type: 'button', class: kind, onclick: press }, text);
}
