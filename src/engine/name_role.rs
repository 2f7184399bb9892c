#[derive(PartialEq,Eq,Clone,Copy,Debug)] pub enum NameRole { Given, Middle, Family, Full, Maiden, None } pub fn name_role(_: &str) -> NameRole { NameRole::None }
