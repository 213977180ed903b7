"""Setup → Imports: bring files in, see what each brought, take one back."""
