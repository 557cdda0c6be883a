//! Tokens, transport and the typed calls of Entra, Microsoft Graph and Dataverse.
