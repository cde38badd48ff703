/** Makes an element of the page: its tag and classes, its properties, what it holds. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  properties: Partial<Omit<HTMLElementTagNameMap[K], 'style'>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

/** A button that says what it does. */
export function button(label: string, className: string, onClick: () => void): HTMLButtonElement {
  const made = element('button', className, { type: 'button', textContent: label });
  made.addEventListener('click', onClick);
  return made;
}

/** Puts other children in place of the old ones, unless they read the same; focus within is kept by its key. */
export function renew(parent: HTMLElement, children: readonly HTMLElement[]): void {
  const focused = document.activeElement;
  const key = focused instanceof HTMLElement && parent.contains(focused) ? focused.dataset.key : undefined;
  parent.replaceChildren(...children);
  if (key === undefined) return;
  const again = [...parent.querySelectorAll<HTMLElement>('[data-key]')].find((each) => each.dataset.key === key);
  again?.focus({ preventScroll: true });
}
