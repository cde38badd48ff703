/** The page: opens the connection, and the part of the client that the address names. */
export {};
