//! What the case of a name tells: types and variants begin with an upper-case letter, functions and modules with a lower-case one, constants have
//! no lower-case ones.

/// Does the name begin as those of types do?
pub fn is_upper(name: &str) -> bool {
    unraw(name).starts_with(char::is_uppercase)
}

/// Does the name begin as those of functions do?
pub fn is_lower(name: &str) -> bool {
    unraw(name).starts_with(|c: char| c.is_lowercase() || c == '_')
}

/// `type` of `r#type`
fn unraw(name: &str) -> &str {
    name.trim_start_matches("r#")
}

/// `GAMMA`
pub fn is_constant_name(name: &str) -> bool {
    !name.contains(char::is_lowercase)
}
