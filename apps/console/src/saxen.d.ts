/** The part of `saxen` that the desk uses; the package brings no types. */
declare module 'saxen' {
  type Decode = (text: string) => string;
  interface Hooks {
    openTag: (name: string, attributes: () => Record<string, string>, decode: Decode) => void;
    closeTag: (name: string) => void;
    text: (value: string, decode: Decode) => void;
    cdata: (value: string) => void;
    error: (error: Error) => void;
  }
  export class Parser {
    on<N extends keyof Hooks>(name: N, hook: Hooks[N]): this;
    parse(xml: string): void;
  }
}
