/** Counts what this server changed. What others change is seen when the age of a document is over. */
export class Changes {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  note(): void {
    this.#count++;
  }
}
